// Starts the API browser from a file of its own: the page's policy allows no inline script.

window.SwaggerUIBundle({ url: "/openapi.json", domNode: document.getElementById("api"), deepLinking: true });
