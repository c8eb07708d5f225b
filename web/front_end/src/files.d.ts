/// <reference types="emscripten" />
// Files that the build copies beside the scripts; importing one gives its address.
declare module "*.wasm" {
  const address: string;
  export default address;
}
