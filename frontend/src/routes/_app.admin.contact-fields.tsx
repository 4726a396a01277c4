import { createFileRoute } from "@tanstack/react-router";
import { ContactFieldsPage } from "@/features/admin/contacts/ContactFieldsPage";

export const Route = createFileRoute("/_app/admin/contact-fields")({ component: ContactFieldsPage });
