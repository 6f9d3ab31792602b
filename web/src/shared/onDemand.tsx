import { lazy, Suspense, useState, type ComponentType } from "react";

/**
 * A window whose program is fetched when it is opened for the first time: most
 * visits open none. It stays then, so that it can close the way windows do.
 */
export function onDemand<Props extends { opened: boolean }>(
  load: () => Promise<{ default: ComponentType<Props> }>,
): ComponentType<Props> {
  const Window = lazy(load) as unknown as ComponentType<Props>;
  return function OnDemand(props: Props) {
    const [wanted, setWanted] = useState(props.opened);
    if (props.opened && !wanted) setWanted(true);
    return <Suspense>{wanted && <Window {...props} />}</Suspense>;
  };
}
