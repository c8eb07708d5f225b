"""Who may go: whitelist, applications, special passes, tokens and their verification; a room for each subject.

From an application to a pass at the barrier:

- `reading` what people and phones send, `whitelist` of firms and vehicles, `applications` and every rule on them,
  `intake` of one or ten thousand;
- `ways` that passes drive, `editions` of passes, `reissue` when a closure comes in force or keys change;
- `tokens`, `verifying` offline, `keyring` and its root;
- `keeping`: how long anything about people stays;
- `checkpoint`, `tracks`, `loop` (kept or not), `messages` to drivers.

Closures, joined with the passes that they hit: `consequence` before a decision, `area_plans`, `orders` for the barrier,
`reports` of blocked roads, `audit` of all checks, `tickets`, `exchange` with other offices. `accounts` say who acts.
Beside the rooms: every table (`tables`), its migrations, backups, long jobs, and the errors.
"""
