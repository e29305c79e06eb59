"""A small knowledge base, as a shop has one, and questions that it cannot answer."""

from csts.intents.topics import Topic

ARTICLES = (
    Topic(
        "reset-password",
        "I forgot my password",
        "Open the sign-in page, choose Forgot password and follow the link in the mail.",
        ("how do i reset my password", "forgot my password", "can't log in, password is wrong", "change password"),
    ),
    Topic(
        "refund",
        "How to get a refund",
        "We refund any order within 30 days. Open the order and choose Return.",
        ("i want my money back", "how do i get a refund", "return an order"),
    ),
    Topic(
        "late",
        "My parcel is late",
        "Parcels take two to five working days. Follow yours by the tracking number.",
        ("where is my order", "my parcel has not arrived", "package is late", "track my delivery"),
    ),
    Topic("invoice", "Where is my invoice", "Invoices are under Account, Billing, as PDF files."),
    Topic("vat", "VAT numbers on invoices", "Enter the VAT number under Account, Billing before you order."),
    Topic("cancel", "Cancel a subscription", "Under Account, Plan choose Cancel.", ("stop paying",)),
    Topic(
        "crash", "The app crashes on start", "Update, then clear the cache.", ("app crashes", "app closes by itself")
    ),
    Topic("printer", "The printer is offline", "Switch it off and on, check the cable.", ("printer not found",)),
)

STRANGE = (
    "hello",
    "hi there, good morning",
    "what is the weather tomorrow",
    "tell me a joke",
    "do you sell bananas",
    "who won the match last night",
    "how tall is the eiffel tower",
)
