// The verifier as a module by itself: what every page here judges by, under names that a build keeps.
export { checkInPlainScript } from "./verifier/curve.ts";
export { KeyListError, readKey } from "./verifier/keys.ts";
export { verifyLoop } from "./verifier/loop.ts";
export { fromCode, isCode } from "./verifier/pass_code.ts";
export { RefusedToken } from "./verifier/refused.ts";
export { readRootedList } from "./verifier/root_list.ts";
export { checkByWebCrypto } from "./verifier/signatures.ts";
export { readStatusList, RefusedDocument, StatusLists } from "./verifier/status_list.ts";
export { readToken, verifyPass } from "./verifier/verify.ts";
