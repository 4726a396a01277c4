import { ApiProblem, faultInWords, NETWORK_LOST, problemInWords } from "@/api/errors";
import { i18next } from "@/app/i18n";

export interface Explanation {
  title: string;
  detail: string;
  requestId: string | null;
}

/** What happened, why, and what to do now, for a person. */
export function explain(error: unknown): Explanation {
  if (!(error instanceof ApiProblem)) {
    return { title: i18next.t("error.unexpected"), detail: i18next.t("error.reload"), requestId: null };
  }
  const { requestId } = error;
  if (error.code === NETWORK_LOST) {
    return { title: i18next.t("error.offline"), detail: i18next.t("error.offlineDetail"), requestId };
  }
  if (error.code === "confirmation_required") {
    return { title: i18next.t("error.notConfirmed"), detail: i18next.t("error.notConfirmedDetail"), requestId: null };
  }
  if (error.status === 412) {
    return { title: i18next.t("error.changed"), detail: i18next.t("error.changedDetail"), requestId };
  }
  if (error.status >= 500) {
    const title = i18next.t(error.status === 500 ? "error.ours" : "error.unavailable");
    return { title, detail: problemInWords(error) || i18next.t("error.retryDetail"), requestId };
  }
  const [first] = error.faults;
  return {
    title: i18next.t("error.refused"),
    detail: first ? faultInWords(first) : problemInWords(error) || i18next.t("error.reload"),
    requestId,
  };
}
