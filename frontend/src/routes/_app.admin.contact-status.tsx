import { createFileRoute } from "@tanstack/react-router";
import { ContactStatusPage } from "@/features/admin/contacts/ContactStatusPage";

export const Route = createFileRoute("/_app/admin/contact-status")({ component: ContactStatusPage });
