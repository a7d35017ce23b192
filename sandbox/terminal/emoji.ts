// Slack's emoji codes as characters. A code that is not here stays as it was written.

const EMOJI: Readonly<Record<string, string>> = {
  calendar: '📅',
  checkered_flag: '🏁',
  envelope: '✉️',
  file_folder: '📁',
  incoming_envelope: '📨',
  scales: '⚖️',
  unlock: '🔓',
  ticket: '🎫',
  arrow_forward: '▶️',
  arrows_counterclockwise: '🔄',
  busts_in_silhouette: '👥',
  clipboard: '📋',
  computer: '💻',
  package: '📦',
  wastebasket: '🗑️',
  card_index_dividers: '🗂️',
  office: '🏢',
  eyes: '👀',
  fast_forward: '⏩',
  hourglass_flowing_sand: '⏳',
  inbox_tray: '📥',
  information_source: 'ℹ️',
  key: '🔑',
  lock: '🔒',
  mag: '🔍',
  no_entry: '⛔',
  no_entry_sign: '🚫',
  pause_button: '⏸️',
  question: '❓',
  raised_hand: '✋',
  rotating_light: '🚨',
  small_blue_diamond: '🔹',
  warning: '⚠️',
  wave: '👋',
  white_check_mark: '✅',
  white_circle: '⚪',
  x: '❌',
};

export function emojiCharacters(text: string): string {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, code: string) =>
    Object.hasOwn(EMOJI, code) ? (EMOJI[code] ?? whole) : whole,
  );
}
