import type { Contact, Me, MergeField, Salesflow } from "@/api/types";

export const me: Me = {
  id: "u1",
  email: "rep@demo.example",
  name: "Robin Hale",
  role: "contributor",
  time_zone: "America/New_York",
  culture: "en-US",
  phone: null,
  job_title: null,
  company: null,
  start_salesflow_on_behalf: false,
  organization: { id: "o1", name: "Northwind", postal_address: "" },
  now: new Date().toISOString(),
};

export const contact = (changes: Partial<Contact> = {}): Contact => ({
  id: "c1",
  first_name: "Ann",
  last_name: "Lee",
  name: "Ann Lee",
  salutation: null,
  email: "ann@prospect.example",
  company: "Fabrikam",
  job_title: "Buyer",
  business_phone: null,
  mobile_phone: null,
  street: null,
  city: null,
  state: null,
  zip: null,
  country: null,
  time_zone: null,
  status: "New",
  owner: { id: "u1", name: "Robin Hale" },
  email_state: "ok",
  opted_out: false,
  opted_out_at: null,
  last_activity_at: "2026-11-20T10:00:00Z",
  created_at: "2026-11-01T10:00:00Z",
  updated_at: "2026-11-01T10:00:00Z",
  version: 1,
  ...changes,
});

export const salesflow = (changes: Partial<Salesflow> = {}): Salesflow => ({
  id: "f1",
  name: "First contact",
  state: "active",
  owner: { id: "u1", name: "Robin Hale" },
  shared: false,
  steps_count: 1,
  counts: { enrolled: 0, active: 0, paused: 0, finished: 0, sent: 0, replied: 0, needs_human: 0 },
  created_at: "2026-11-01T10:00:00Z",
  updated_at: "2026-11-01T10:00:00Z",
  version: 1,
  ...changes,
});

export const fields: MergeField[] = [
  { name: "contact.first_name", label: "First name", sample: "Alex" },
  { name: "contact.company", label: "Company", sample: "Fabrikam" },
  { name: "sender.name", label: "Your name", sample: "Sam Taylor" },
];
