// The public page of an approved closure: its notice can be copied.

import { offerCopying } from "./copying.ts";

offerCopying(document);
