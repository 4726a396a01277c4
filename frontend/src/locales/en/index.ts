import account from "./account.json";
import admin from "./admin.json";
import auth from "./auth.json";
import common from "./common.json";
import contactAdmin from "./contactAdmin.json";
import contactPage from "./contactPage.json";
import contacts from "./contacts.json";
import directory from "./directory.json";
import enrollment from "./enrollment.json";
import feed from "./feed.json";
import imports from "./imports.json";
import jobs from "./jobs.json";
import onboarding from "./onboarding.json";
import people from "./people.json";
import salesflows from "./salesflows.json";

export const en = {
  common,
  contacts,
  contactPage,
  contactAdmin,
  people,
  salesflows,
  enrollment,
  account,
  onboarding,
  auth,
  admin,
  feed,
  imports,
  directory,
  jobs,
};
