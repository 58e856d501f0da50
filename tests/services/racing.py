"""People who act at the same moment, each on a connection of their own."""

import threading

from matching.errors import RuleBroken


def at_once(app, *actions) -> list[str]:
    """What each action came to, "done" or the code of its refusal; all begin together."""
    outcomes: list[str] = []
    start = threading.Barrier(len(actions))

    def run(action) -> None:
        with app.app_context():
            start.wait()
            try:
                action()
                outcomes.append("done")
            except RuleBroken as refused:
                outcomes.append(refused.code)
            except Exception as error:
                outcomes.append(repr(error))

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)
