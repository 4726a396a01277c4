import account from "./account.json";
import admin from "./admin.json";
import auth from "./auth.json";
import common from "./common.json";
import contacts from "./contacts.json";
import enrollment from "./enrollment.json";
import faults from "./faults.json";
import feed from "./feed.json";
import onboarding from "./onboarding.json";
import salesflows from "./salesflows.json";
import type { en } from "../en";

/**
 * The same namespaces as in English; locales.test.ts compares what is in them. `faults` says by their codes what the
 * service says of the fields of a form in English itself.
 */
export const de = {
  common,
  contacts,
  salesflows,
  enrollment,
  onboarding,
  account,
  auth,
  admin,
  feed,
  faults,
} satisfies Record<keyof typeof en | "faults", object>;
