// Requests to the server. URLs are relative, because Home Assistant's ingress serves the
// page below a path of its own.
import { ask } from "./dialog.js";
import { t } from "./i18n.js";

/** What the server refused: `code` is stable and is translated, `message` is English. */
export class ApiError extends Error {
  constructor(message, { code = "", field = "" } = {}) {
    super(message);
    Object.assign(this, { code, field });
  }
}

export async function call(path, { method = "GET", body, signal } = {}) {
  for (;;) {
    const headers = {};
    const token = sessionStorage.getItem("token");
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    let answer;
    try {
      answer = await fetch(path, { method, headers, signal, body: body && JSON.stringify(body) });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new ApiError(t("unreachable"), { code: "unreachable" });
    }
    if (answer.status === 401) {
      const given = await ask(t("tokenWanted"), t("ok"), { input: true });
      if (given === null) throw new ApiError(t("tokenWanted"), { code: "unauthorized" });
      sessionStorage.setItem("token", given);
      continue;
    }
    if (!answer.ok && !(path === "health" && answer.status === 503)) {
      const error = await answer.json().catch(() => ({}));
      throw new ApiError(error.message || `HTTP ${answer.status}`, { code: error.code, field: error.field });
    }
    return answer;
  }
}

export const getJson = async (path) => (await call(path)).json();
