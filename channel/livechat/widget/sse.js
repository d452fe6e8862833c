// Server-sent events over fetch, which unlike EventSource can send a header
// with the visitor's token and so keeps it out of addresses and logs.

// events yields {type, data} of a body in the form of
// https://html.spec.whatwg.org/multipage/server-sent-events.html as our server
// writes it: one data line of JSON an event. Comments yield {type: "beat"}.
export async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (buffer + value).split("\n\n");
      buffer = blocks.pop();
      for (const block of blocks) yield parse(block);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

// parse reads one event. The id is left out: the data has it as seq.
function parse(block) {
  const event = { type: "beat", data: undefined };
  for (const line of block.split("\n")) {
    if (line.startsWith("event: ")) event.type = line.slice(7);
    if (line.startsWith("data: ")) event.data = JSON.parse(line.slice(6));
  }
  return event;
}
