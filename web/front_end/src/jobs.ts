// Follow a job while it goes on: bar, step and per cent; when it is over the page is asked for anew.

interface Told {
  state: string;
  label: string;
  progress: number;
  text: string;
  over: boolean;
}

function show(box: HTMLElement, told: Told): void {
  const bar = box.querySelector<HTMLProgressElement>("[data-job-bar]");
  const step = box.querySelector<HTMLElement>("[data-job-step]");
  const percent = box.querySelector<HTMLElement>("[data-job-percent]");
  const state = box.querySelector<HTMLElement>("[data-job-state]");
  if (state && told.label) state.textContent = told.label;
  if (bar) bar.value = told.progress;
  if (step && told.text && step.textContent !== told.text) step.textContent = told.text;
  if (percent) percent.textContent = `${Math.floor(told.progress * 100)} %`;
}

export function followJobs(page: Document): void {
  for (const box of page.querySelectorAll<HTMLElement>("[data-job]")) {
    const address = box.dataset.job;
    if (!address) continue;
    const source = new EventSource(address);
    source.addEventListener("job", (event) => {
      const told = JSON.parse((event as MessageEvent<string>).data) as Told;
      show(box, told);
      if (!told.over) return;
      source.close();
      page.defaultView?.location.reload();
    });
  }
}

followJobs(document);
