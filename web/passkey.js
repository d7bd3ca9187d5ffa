// Asks the browser for a passkey, to sign in with or to add. The form's hidden field takes what it gives.

/** @param {HTMLFormElement} form */
async function run(form) {
  const problem = form.querySelector("[data-problem]");
  const token = /** @type {HTMLInputElement | null} */ (form.querySelector("[name=__RequestVerificationToken]"))?.value ?? "";
  try {
    const answer = await fetch(form.dataset.options ?? "", { method: "POST", headers: { RequestVerificationToken: token } });
    if (!answer.ok) throw new Error(await answer.text());
    const json = await answer.json();
    const credential = form.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(json) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(json) });
    const field = /** @type {HTMLInputElement} */ (form.querySelector("[name=credential]"));
    field.value = JSON.stringify(credential);
    form.submit();
  } catch (error) {
    if (problem) problem.textContent = error instanceof Error && error.name === "NotAllowedError" ? "Nothing was chosen." : "This browser could not use a passkey here.";
  }
}

// Passkeys belong to a name: a page that was opened by a number (127.0.0.1) has none.
const named = !/^[\d.]+$|^\[/.test(location.hostname);
if ("PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in PublicKeyCredential && named) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!(form instanceof HTMLFormElement)) continue;
    form.hidden = false;
    form.addEventListener("submit", event => {
      event.preventDefault();
      run(form);
    });
  }
}
