import { useEffect, useState } from 'react';
import { Button, IconButton } from './Button.tsx';
import { Icon } from './Icon.tsx';
import style from './NoticeRegion.module.css';
import { dismissNotice, useNotices, type Notice } from './notices.ts';

/** Where `notify` messages appear: in the flow of the page, so that they cover nothing. One per page; mounted by the shell. */
export function NoticeRegion() {
  const notices = useNotices((state) => state.notices);
  return (
    <section className={style.region} aria-label="Messages">
      <div aria-live="polite" aria-relevant="additions">
        {notices
          .filter((notice) => notice.tone !== 'bad')
          .map((notice) => (
            <NoticeLine key={notice.id} notice={notice} />
          ))}
      </div>
      <div aria-live="assertive" aria-relevant="additions">
        {notices
          .filter((notice) => notice.tone === 'bad')
          .map((notice) => (
            <NoticeLine key={notice.id} notice={notice} />
          ))}
      </div>
    </section>
  );
}

function NoticeLine({ notice }: { readonly notice: Notice }) {
  const [held, setHeld] = useState(false);

  useEffect(() => {
    if (notice.lasts === null || held) return;
    const timer = setTimeout(() => dismissNotice(notice.id), notice.lasts);
    return () => clearTimeout(timer);
  }, [notice, held]);

  return (
    <div
      className={style.notice}
      data-tone={notice.tone}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <p className={style.text}>{notice.text}</p>
      {notice.action && (
        <Button
          variant="quiet"
          className={style.action}
          onClick={() => {
            notice.action?.run();
            dismissNotice(notice.id);
          }}
        >
          {notice.action.label}
        </Button>
      )}
      <IconButton label="Dismiss" icon={<Icon name="close" size={16} />} onClick={() => dismissNotice(notice.id)} />
    </div>
  );
}
