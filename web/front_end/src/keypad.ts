// A keypad for four characters of a plate: the fourth one sends the form.

const ENOUGH = 4;

function key(text: string, press: () => void, isWord = false): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  if (isWord) button.className = "word";
  button.addEventListener("click", press);
  return button;
}

export function offerKeypad(root: ParentNode): void {
  const form = root.querySelector<HTMLFormElement>("form[data-keypad-form]");
  const pad = form?.querySelector<HTMLElement>("[data-keypad]");
  const field = form?.querySelector<HTMLInputElement>("input[name=part]");
  if (!form || !pad || !field) return;
  const type = (digit: string): void => {
    field.value += digit;
    if (field.value.length === ENOUGH) form.requestSubmit();
  };
  for (const digit of "123456789") pad.append(key(digit, () => type(digit)));
  pad.append(
    key(pad.dataset["letters"] ?? "", () => {
      field.inputMode = "text";
      field.focus();
    }, true),
    key("0", () => type("0")),
    key(pad.dataset["delete"] ?? "", () => {
      field.value = field.value.slice(0, -1);
    }, true),
  );
  // The pad is the keyboard; the phone's own would cover it.
  field.inputMode = "none";
  pad.hidden = false;
  field.addEventListener("focus", () => field.select());
}
