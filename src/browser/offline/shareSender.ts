/**
 * Who sent photos to the share address. Another site's form is no share: its photos are not taken. The system itself says no
 * sender, but so can a form that hides its own, so what it sends waits until the person goes on.
 */
export function shareSender({ referrer }: Pick<Request, 'referrer'>, root: string): 'own' | 'unknown' | 'foreign' {
  if (referrer === '' || referrer === 'about:client') return 'unknown';
  return URL.canParse(referrer) && new URL(referrer).origin === new URL(root).origin ? 'own' : 'foreign';
}
