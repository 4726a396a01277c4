import account from "./account.json";
import admin from "./admin.json";
import auth from "./auth.json";
import common from "./common.json";
import contactAdmin from "./contactAdmin.json";
import contactPage from "./contactPage.json";
import contacts from "./contacts.json";
import directory from "./directory.json";
import enrollment from "./enrollment.json";
import faults from "./faults.json";
import feed from "./feed.json";
import imports from "./imports.json";
import jobs from "./jobs.json";
import onboarding from "./onboarding.json";
import people from "./people.json";
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
  contactPage,
  contactAdmin,
  people,
  salesflows,
  enrollment,
  onboarding,
  account,
  auth,
  admin,
  feed,
  directory,
  jobs,
  imports,
  faults,
  zones,
} satisfies Record<keyof typeof en | "faults" | "zones", object>;
