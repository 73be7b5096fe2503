// A recording of one's own voice: it lives in this page until it is downloaded, and is sent nowhere.
const section = document.querySelector("[data-recorder]");

const offer = (section) => {
  const button = (act) => section.querySelector(`[data-act=${act}]`);
  const state = section.querySelector("[data-recorder-state]");
  let recorder = null;
  let takes = 0;

  const keep = (parts, type) => {
    const address = URL.createObjectURL(new Blob(parts, { type }));
    const ending = type.includes("mp4") ? "m4a" : type.includes("ogg") ? "ogg" : "webm";
    takes += 1;
    const row = document.createElement("div");
    row.className = "row";
    const sound = document.createElement("audio");
    sound.controls = true;
    sound.src = address;
    sound.setAttribute("aria-label", `Recording ${takes}`);
    const link = document.createElement("a");
    link.className = "btn small";
    link.href = address;
    link.download = `${section.dataset.name}-${takes}.${ending}`;
    link.textContent = `Download recording ${takes}`;
    row.append(sound, link);
    section.querySelector("[data-takes]").append(row);
  };
  const switchTo = (isRecording) => {
    button("record").hidden = isRecording;
    button("stop").hidden = !isRecording;
    state.textContent = isRecording ? "Recording" : "";
    button(isRecording ? "stop" : "record").focus();
  };
  const record = async () => {
    let stream = null;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      state.textContent = "The browser gives no microphone to this page.";
      return;
    }
    const parts = [];
    recorder = new MediaRecorder(stream);
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      for (const track of stream.getTracks()) track.stop();
      keep(parts, recorder.mimeType || "audio/webm");
      switchTo(false);
    });
    recorder.start();
    switchTo(true);
  };
  button("record").addEventListener("click", record);
  button("stop").addEventListener("click", () => recorder?.stop());
};

if (section && navigator.mediaDevices?.getUserMedia && window.MediaRecorder) {
  section.closest("[hidden]").hidden = false;
  offer(section);
}
