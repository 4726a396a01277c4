import account from "./account.json";
import admin from "./admin.json";
import auth from "./auth.json";
import common from "./common.json";
import contacts from "./contacts.json";
import enrollment from "./enrollment.json";
import feed from "./feed.json";
import onboarding from "./onboarding.json";
import salesflows from "./salesflows.json";

export const en = { common, contacts, salesflows, enrollment, account, onboarding, auth, admin, feed };
