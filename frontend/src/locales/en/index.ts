import account from "./account.json";
import common from "./common.json";
import contacts from "./contacts.json";
import enrollment from "./enrollment.json";
import salesflows from "./salesflows.json";

export const en = { common, contacts, salesflows, enrollment, account };
