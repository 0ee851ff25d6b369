// Items of a batch that failed and succeeded, read from any shape of multi-status reply.

const rowsOf = (value) => (Array.isArray(value) ? value.filter((row) => row && typeof row === "object") : []);

function idOf(row) {
  const name = Object.keys(row).find((key) => /id$/i.test(key));
  return name ? String(row[name]) : "";
}

function reasonOf(row) {
  const errors = row.errors ?? row.errorDetails ?? [];
  const texts = rowsOf(errors).map((error) => {
    const value = error.errorValue ? Object.values(error.errorValue)[0] : error;
    return [error.errorType ?? value.code ?? "", value?.reason ?? "", value?.message ?? ""].filter(Boolean).join(": ");
  });
  if (texts.length) return texts.join("; ");
  return [row.code, row.description ?? row.details ?? row.message].filter(Boolean).join(": ");
}

function split(rows) {
  const isDone = (row) => /^success$/i.test(row.code ?? "") || (row.code === undefined && !row.errors);
  return { failed: rows.filter((row) => !isDone(row)), done: rows.filter(isDone) };
}

// Returns { failed: [{ index, id, reason }], done: [{ index, id }] }, null if the reply has no items.
export function outcomes(call) {
  const { reply } = call;
  if (call.failedItems === undefined || reply === null || typeof reply !== "object") return null;
  let found;
  if (Array.isArray(reply)) found = split(rowsOf(reply).map((row, index) => ({ index, ...row })));
  else {
    const inner = Object.values(reply).find((value) => value && !Array.isArray(value) && (value.error || value.success)) ?? reply;
    const name = (test) => Object.keys(inner).find((key) => test.test(key) && Array.isArray(inner[key]));
    found = { failed: rowsOf(inner[name(/error|fail/i)]), done: rowsOf(inner[name(/success|^done/i)]) };
  }
  return {
    failed: found.failed.map((row) => ({ index: row.index, id: idOf(row), reason: reasonOf(row) })),
    done: found.done.map((row) => ({ index: row.index, id: idOf(row) || idOf(Object.values(row).find((each) => each && typeof each === "object") ?? {}) })),
  };
}
