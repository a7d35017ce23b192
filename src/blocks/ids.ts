// Every action_id, callback_id and block_id once. Wire strings are snake_case and never renamed: old messages keep them.

export const ACTIONS = {
  /** On a failed step: `value` is `{stepRun, attempt}`. */
  stepRetry: 'step_retry',
  /** As `step_retry`; they open a window. */
  stepSkipOpen: 'step_skip_open',
  stepAttestOpen: 'step_attest_open',
  /** On a run's root: `value` is `{run}`. */
  runCancel: 'run_cancel',
  /** On a run that waits for a second person: `value` is `{run, version}`. */
  approvalApprove: 'approval_approve',
  approvalDecline: 'approval_decline',
  /** On a step that asks: `value` is `{stepRun, attempt}`. */
  stepApprove: 'step_approve',
  stepDecline: 'step_decline',
  stepChooseOpen: 'step_choose_open',
  /** As `run_cancel`, with how many holds the run has had: `{run, number}`. */
  holdOpen: 'hold_open',
  /** On a reminder of a mailbox's end: as above. */
  stepExtendOpen: 'step_extend_open',
  /** On a locked Mac’s step: `value` is `{stepRun, attempt}`. */
  revealOpen: 'reveal_open',
  /** On a device that is not back: as above. */
  stepWriteOffOpen: 'step_write_off_open',
  /** A link button; Slack still sends the click, which is acked and otherwise ignored. */
  openThread: 'open_thread',
  homeOperators: 'home_operators',
  /** On a run that has done nothing yet: `value` is `{run}`. */
  startReview: 'start_review',
  /** On the breaker's message: `value` is `{stop, upTo}`. */
  breakerLet: 'breaker_let',
  /** On a batch's message: `value` is `{batch}`. */
  batchApprove: 'batch_approve',
  batchDecline: 'batch_decline',
  /** On an offboarding that has begun: as above. */
  undoOpen: 'undo_open',
  /** On what a watch found open: `value` is `{stepRun, attempt}` of the watch. */
  cutAgain: 'cut_again',
  /** On an account that the nightly sweep found: `value` is `{finding}`. */
  sweepBegin: 'sweep_begin',
  /** To an app’s owner: `value` is `{stepRun}`. */
  ownerDoneOpen: 'owner_done_open',
  ownerNeverHad: 'owner_never_had',
  ownerHelpOpen: 'owner_help_open',
} as const;

/** Of global shortcuts, as manifest.json names them. */
export const SHORTCUTS = {
  offboard: 'offboard_someone',
  returnDevice: 'return_a_device',
} as const;

export const CALLBACKS = {
  offboardFind: 'offboard_find',
  offboardConfirm: 'offboard_confirm',
  operatorsSave: 'operators_save',
  stepSkip: 'step_skip',
  stepAttest: 'step_attest',
  approvalDecline: 'approval_decline',
  stepChoose: 'step_choose',
  holdSet: 'hold_set',
  holdLift: 'hold_lift',
  stepExtend: 'step_extend',
  stepForm: 'step_form',
  returnFind: 'return_find',
  returnConfirm: 'return_confirm',
  revealShow: 'reveal_show',
  /** As `step_form`; what was typed is sealed and stored nowhere else. */
  boxAddress: 'box_address',
  stepWriteOff: 'step_write_off',
  batchFind: 'batch_find',
  batchConfirm: 'batch_confirm',
  undoConfirm: 'undo_confirm',
  ownerDone: 'owner_done',
  ownerHelp: 'owner_help',
} as const;

export const BLOCKS = {
  person: 'person',
  reason: 'reason',
  typedConfirm: 'typed_confirm',
  identity: 'identity',
  operatorPerson: 'operator_person',
  operatorRole: 'operator_role',
  note: 'note',
  chosenPerson: 'chosen_person',
  endDate: 'end_date',
  startDay: 'start_day',
  startTime: 'start_time',
  devices: 'devices',
  deviceFate: 'device_fate',
  returnWay: 'return_way',
  returnReason: 'return_reason',
  typedDevices: 'typed_devices',
  returnCharger: 'return_charger',
  batchList: 'batch_list',
  batchMore: 'batch_more',
} as const;

/** action_ids of inputs: the keys under which a view's state holds what was typed. */
export const INPUTS = {
  personSearch: 'person_search',
  reason: 'reason',
  typedConfirm: 'typed_confirm',
  identity: 'identity',
  operatorPerson: 'operator_person',
  operatorRole: 'operator_role',
  note: 'note',
  chosenPerson: 'chosen_person',
  endDate: 'end_date',
  startDay: 'start_day',
  startTime: 'start_time',
  devices: 'devices',
  deviceFate: 'device_fate',
  returnWay: 'return_way',
  returnReason: 'return_reason',
  typedDevices: 'typed_devices',
  returnCharger: 'return_charger',
  batchList: 'batch_list',
  batchMore: 'batch_more',
  /** Of every input of a step's form; its block says which. */
  formField: 'form_field',
} as const;
