// Signing in by hand: through the panel's questions and the tenant's page in the system browser.

/** From the first screen to the link, as somebody whose username names one domain. */
export async function askForLink(window, username) {
  await window.button("Sign In").click();
  await window.panel.getByRole("button", { name: "Gainsight Account" }).click();
  await window.panel.getByLabel("Username").fill(username);
  await window.button("Next").click();
  await window.panel.getByRole("heading", { name: "Continue in your browser" }).waitFor();
}

/** Logs in on the tenant's page, and agrees if it asks: whoever has agreed before is not asked again. */
export async function logIn(page, username, { agrees = true } = {}) {
  await page.getByRole("link", { name: /^Continue to / }).click();
  const field = page.getByLabel("Username");
  const consent = page.getByRole("button", { name: agrees ? "Allow" : "Do not allow", exact: true });
  const end = page.getByRole("heading", { name: /^(Welcome to Gainsight|That did not work)$/u });
  // Whoever has logged in before is known, too.
  await field.or(consent).or(end).first().waitFor();
  if (await field.isVisible()) {
    await field.fill(username);
    await page.getByLabel("Password").fill("demo");
    await page.getByRole("button", { name: "LOG IN" }).click();
    await consent.or(end).first().waitFor();
  }
  if (await consent.isVisible()) await consent.click();
  await end.waitFor();
}

/** Carries the code from the browser's page into the panel: a tenant with the documented API only does not say who logged in. */
export async function typeCode(window, page) {
  await page.getByRole("heading", { name: "Welcome to Gainsight" }).waitFor();
  const code = await page.getByLabel("Sign-in code").textContent();
  await window.panel.getByRole("textbox", { name: "Code" }).fill(code);
}

/** All of it, in such a tenant. */
export async function signInByHand(window, username) {
  await askForLink(window, username);
  const page = await window.systemBrowser(() => window.button("Open browser").click());
  await logIn(page, username);
  await typeCode(window, page);
  await page.close();
}
