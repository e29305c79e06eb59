"""One whole conversation by keyboard and by ear: what is announced, once and in which words, and where the focus is.

docs/explanation/accessibility.md tells the same story.
"""

from playwright.async_api import Browser, FilePayload, Locator, Page, expect

from tests.make import png_bytes
from tests.people import ANA, PASSWORD, PRIYA, Somebody
from tests.support.browser import window
from tests.support.screen_reader import focused, heard, listen, next_heard, tab_to
from tests.support.server import Server

SUBJECT = "Cannot pay with my card"
PICTURE: FilePayload = {"name": "screen.png", "mimeType": "image/png", "buffer": png_bytes()}
CLAIMED = "Priya Nair is looking into this ticket."
SOLVED = "Solved. If it is not, just write here and we take it up again."


def done(status: str) -> str:
    """The notice with which one's own move can be taken back."""
    return f"L1-000001: {status} Undo Dismiss"


async def by_ear(browser: Browser, server: Server) -> Page:
    context = await window(browser, server.url)
    await listen(context)
    return await context.new_page()


async def type_and_enter(page: Page, words: str) -> None:
    await page.keyboard.type(words)
    await page.keyboard.press("Enter")


async def sign_in_to_the_desk(page: Page) -> None:
    await page.goto("/desk")
    await expect(page.get_by_label("User name")).to_be_focused()
    assert await focused(page) == 'textbox "User name"'
    await type_and_enter(page, PRIYA.login)
    password = page.get_by_label("Password", exact=True)
    await expect(password).to_be_focused()
    await expect(password).to_have_accessible_description("Please fill this in.")
    await type_and_enter(page, "a guess")
    assert await next_heard(page) == ["That name and password do not belong together. Please check both."]
    await page.keyboard.press("Control+a")
    await type_and_enter(page, PASSWORD)
    await expect(page.locator("main")).to_match_aria_snapshot("""
        - region "Tickets":
          - heading "All open" [level=1]
          - searchbox "Search tickets"
          - list:
            - listitem:
              - heading "This queue is empty" [level=2]
        - region "Conversation":
          - heading "Choose a ticket" [level=1]
        """)
    await page.keyboard.press("Tab")
    assert await focused(page) == 'link "Skip to the content"'
    await page.keyboard.press("Enter")
    assert 'button "Filters"' in (await tab_to(page, page.get_by_role("searchbox")))[:2]
    await page.keyboard.press("Escape")


async def sign_in_as_a_customer(page: Page) -> None:
    await page.goto("/signin")
    # It is given the focus when the page is drawn, and not when it is loaded.
    await expect(page.get_by_label("E-mail address")).to_be_focused()
    await page.keyboard.type(ANA.login)
    assert await tab_to(page, page.get_by_label("Password", exact=True)) == ['textbox "Password"']
    await type_and_enter(page, PASSWORD)
    await expect(page.get_by_role("heading", name="No tickets yet")).to_be_visible()
    assert await heard(page) == []


async def open_a_ticket(page: Page) -> None:
    await tab_to(page, page.get_by_role("link", name="New ticket").first)
    await page.keyboard.press("Enter")
    await tab_to(page, page.get_by_label("In one line"))
    await page.keyboard.type(SUBJECT)
    await tab_to(page, page.get_by_label("What happened?"))
    await page.keyboard.type("At the last step it says: declined.")
    await tab_to(page, page.get_by_role("radio", name="Account"))
    await page.keyboard.press("ArrowDown")
    assert await focused(page) == 'radio "Billing Payments, invoices, refunds" [checked]'
    # The window in which one chooses a file belongs to the system.
    await page.locator("input[type=file]").set_input_files([PICTURE])
    assert await next_heard(page) == ["screen.png is attached"]
    await tab_to(page, page.get_by_role("button", name="Send"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=SUBJECT)).to_be_visible()
    await expect(page).to_have_title(f"{SUBJECT} · L1-000001")


async def read_the_ticket(page: Page) -> None:
    """Its headings and names; what was there when one came is read, and not announced."""
    await expect(page.locator("main")).to_match_aria_snapshot("""
        - heading "Cannot pay with my card" [level=1]
        - region "Messages":
          - region "What you told us"
          - log "Conversation":
            - heading "Today" [level=2]
            - paragraph: /Ticket L1-000001 is open/
        - form "Your message":
          - textbox "Write a message"
        """)
    assert await heard(page) == []
    passed = await tab_to(page, page.get_by_label("Write a message"))
    around = ['button "Details"', 'button "Close ticket"', 'region "Messages"', 'link "Enlarge screen.png"']
    assert passed[-5:] == [*around, 'textbox "Write a message"']


async def all_heard(page: Page, *shown: Locator) -> list[str]:
    """What was said by the time that these stand on the page."""
    for place in shown:
        await expect(place).to_be_visible()
    return sorted(await heard(page))


async def choose_status(page: Page, former: str, wanted: str) -> None:
    """The menu begins with what holds now, and is walked by arrow keys."""
    await page.keyboard.press("s")
    await expect(page.get_by_role("menuitemradio", name=former)).to_be_focused()
    while await focused(page) != f'menuitemradio "{wanted}"':
        await page.keyboard.press("ArrowDown")
        assert (await focused(page)).startswith("menuitem")
        assert former not in await focused(page)
    await page.keyboard.press("Enter")


async def open_by_key(agent: Page) -> None:
    await agent.keyboard.press("j")
    assert await next_heard(agent) == [f"L1-000001, {SUBJECT}, Ana Ruiz"]
    # What stands in a conversation when it comes is not read out by itself.
    await expect(agent.locator("ticket-thread .thread-day").first).to_be_attached()


async def test_a_whole_conversation_is_heard_once_and_led_by_keys(
    browser: Browser, server: Server, ana: Somebody, priya: Somebody
) -> None:
    customer, agent = await by_ear(browser, server), await by_ear(browser, server)
    await sign_in_to_the_desk(agent)
    await sign_in_as_a_customer(customer)
    await open_a_ticket(customer)
    await read_the_ticket(customer)

    # A ticket comes in, is opened and taken; the customer hears who has it.
    assert await next_heard(agent) == [f"New in this list: {SUBJECT}"]
    await open_by_key(agent)
    await agent.keyboard.press("c")
    assert (await next_heard(agent), await next_heard(customer)) == ([CLAIMED], [CLAIMED])

    # Each hears the other, once; nobody hears himself, and the focus stays where one writes.
    await agent.keyboard.press("r")
    await type_and_enter(agent, "Which card is it?")
    assert await next_heard(customer) == ["Priya Nair Which card is it?"]
    await type_and_enter(customer, "Both of them.")
    assert await next_heard(agent) == ["Ana Ruiz Both of them."]
    await agent.keyboard.press("Alt+n")
    assert await focused(agent) == 'textbox "Write a note that only agents see"'
    await type_and_enter(agent, "The bank is down.")
    await expect(agent.locator('.message[data-note][data-state="sent"]')).to_be_visible()
    assert (await heard(agent), await heard(customer)) == ([], [])
    await expect(customer.get_by_label("Write a message")).to_be_focused()

    # What becomes of it is said to both.
    await agent.keyboard.press("Escape")
    await choose_status(agent, "In progress", "Waiting for the customer")
    waiting = "Priya Nair is waiting for the customer's answer."
    offer = agent.get_by_role("status").get_by_text("L1-000001: Waiting for the customer")
    assert await all_heard(agent, agent.get_by_text(waiting), offer) == [done("Waiting for the customer"), waiting]
    assert await next_heard(customer) == [waiting]
    await choose_status(agent, "Waiting for the customer", "Resolved")
    solved = "Priya Nair marked this ticket as solved."
    offer = agent.get_by_role("status").get_by_text("L1-000001: Resolved")
    assert await all_heard(agent, agent.get_by_text(solved), offer) == [done("Resolved"), solved]
    assert await all_heard(customer, customer.get_by_text(solved), customer.get_by_text(SOLVED)) == [solved, SOLVED]

    # Later the talk is history; only how the ticket stands is said.
    await customer.reload()
    await expect(customer.get_by_role("article")).to_have_count(2)
    assert await heard(customer) == [SOLVED]
    server.kill()
    assert await next_heard(customer) == ["Reconnecting… Try now Why?"]
    server.start()
    assert await next_heard(customer) == ["Connected"]
