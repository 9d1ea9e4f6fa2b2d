/** The engine speaks no Persian: its manoeuvre types (OSRM vocabulary) in words of ours. */
const turns: Readonly<Record<string, string>> = {
  left: 'به چپ بپیچید',
  right: 'به راست بپیچید',
  'slight left': 'کمی به چپ بروید',
  'slight right': 'کمی به راست بروید',
  'sharp left': 'تند به چپ بپیچید',
  'sharp right': 'تند به راست بپیچید',
  straight: 'مستقیم بروید',
  uturn: 'دور بزنید',
};

const persianDigits = (value: number): string => value.toLocaleString('fa-IR', { useGrouping: false });

/** One instruction in Persian. `name` is the street to be taken, '' when it has none; `exit` counts roundabout exits. */
export function persianInstruction(type: string, modifier: string, name: string, exit: number): string {
  const onto = name === '' ? '' : ` و وارد ${name} شوید`;
  switch (type) {
    case 'depart':
      return name === '' ? 'حرکت کنید' : `در ${name} حرکت کنید`;
    case 'arrive':
      return 'به مقصد رسیدید';
    case 'roundabout':
    case 'rotary':
      return Number.isFinite(exit)
        ? `در میدان، از خروجی ${persianDigits(exit)} خارج شوید${onto}`
        : `وارد میدان شوید${onto}`;
    case 'exit roundabout':
    case 'exit rotary':
      return `از میدان خارج شوید${onto}`;
    case 'merge':
      return name === '' ? 'به جریان اصلی بپیوندید' : `به ${name} بپیوندید`;
    case 'on ramp':
      return `وارد رابط شوید${onto}`;
    case 'off ramp':
      return `از خروجی بیرون بروید${onto}`;
    case 'new name':
      return name === '' ? 'ادامه دهید' : `در ${name} ادامه دهید`;
    case 'fork':
      return `در دوراهی ${turns[modifier] ?? turns.straight}${onto}`;
    default:
      return `${turns[modifier] ?? 'ادامه دهید'}${onto}`;
  }
}
