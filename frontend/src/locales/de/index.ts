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
import zones from "./zones.json";
import type { en } from "../en";

/**
 * The same namespaces as in English; locales.test.ts compares what is in them. `faults` says by their codes what the
 * service says in English itself. `zones` has the names of time zones (after CLDR), which in English are their ids.
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
  zones,
} satisfies Record<keyof typeof en | "faults" | "zones", object>;
