/** One opening tag. `attributes` holds the raw attribute text; `attribute` decodes one of them. */
export interface XmlTag {
  readonly name: string;
  readonly attributes: string;
  readonly selfClosing: boolean;
}

export class XmlFormatError extends Error {}

/**
 * Walks the tags of an XML text in document order without building a tree: `open` for every opening tag, `close` for every end
 * (also of self-closing tags). Text, comments, CDATA, declarations are passed over. Checks nesting.
 * @throws XmlFormatError where the text is cut off or tags do not nest.
 */
export function scanXml(text: string, open: (tag: XmlTag) => void, close: (name: string) => void): void {
  const stack: string[] = [];
  let at = text.indexOf('<');
  while (at >= 0) {
    if (text.startsWith('<!--', at)) at = after(text, '-->', at);
    else if (text.startsWith('<![CDATA[', at)) at = after(text, ']]>', at);
    else if (text[at + 1] === '?' || text[at + 1] === '!') at = after(text, '>', at);
    else if (text[at + 1] === '/') {
      const end = after(text, '>', at);
      const name = text.slice(at + 2, end - 1).trim();
      if (stack.pop() !== name) throw new XmlFormatError(`XML broken at character ${at}: </${name}> closes nothing`);
      close(name);
      at = end;
    } else {
      const end = tagEnd(text, at);
      const selfClosing = text[end - 2] === '/';
      const body = text.slice(at + 1, selfClosing ? end - 2 : end - 1);
      const space = body.search(/\s/);
      const name = space < 0 ? body : body.slice(0, space);
      open({ name, attributes: space < 0 ? '' : body.slice(space), selfClosing });
      if (selfClosing) close(name);
      else stack.push(name);
      at = end;
    }
    at = text.indexOf('<', at);
  }
  if (stack.length > 0) throw new XmlFormatError(`XML cut off: <${stack[stack.length - 1]}> is never closed`);
}

/** Value of an attribute with entities decoded, or undefined. */
export function attribute(tag: XmlTag, name: string): string | undefined {
  const { attributes } = tag;
  for (let from = 0; ; ) {
    const at = attributes.indexOf(`${name}=`, from);
    if (at < 0) return undefined;
    const start = at + name.length + 2;
    const quote = attributes[start - 1];
    if (attributes.charCodeAt(at - 1) <= 32 && (quote === '"' || quote === "'")) {
      const end = attributes.indexOf(quote, start);
      return end < 0 ? undefined : decodeEntities(attributes.slice(start, end));
    }
    from = at + 1;
  }
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  if (at < 0) throw new XmlFormatError(`XML cut off at character ${text.length}: ${mark} is missing`);
  return at + mark.length;
}

/** End of the tag that begins at `at`; a `>` inside quotes does not end it. */
function tagEnd(text: string, at: number): number {
  let end = text.indexOf('>', at);
  while (end >= 0) {
    const inside = text.slice(at, end);
    if (count(inside, '"') % 2 === 0) return end + 1;
    end = text.indexOf('>', end + 1);
  }
  throw new XmlFormatError(`XML cut off at character ${text.length}: a tag is not closed`);
}

function count(text: string, mark: string): number {
  let n = 0;
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) n++;
  return n;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, body: string) => {
    if (body.startsWith('#x')) return String.fromCodePoint(Number.parseInt(body.slice(2), 16));
    if (body.startsWith('#')) return String.fromCodePoint(Number.parseInt(body.slice(1), 10));
    return ENTITIES[body] ?? whole;
  });
}
