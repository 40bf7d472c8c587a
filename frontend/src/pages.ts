/** Every page of residents and workers (and of desks). Pages work without it; it makes them kinder. */
import { startAsking } from "./asking";
import { startDoors } from "./doors";
import { startDrafts } from "./draft";
import { startKept } from "./kept";
import { startLive } from "./live";
import { startNear } from "./near";
import { startOffline } from "./offline";
import { startOutbox, startSending } from "./outbox";
import { startPhotos } from "./photos";
import { startOnce, startSmall } from "./small";
import { startForms, startSubmits } from "./submit";
import { startSuggest } from "./suggest";

function start(root: ParentNode): void {
  startSmall();
  startDrafts(root);
  startAsking(root);
  startSuggest(root);
  startPhotos(root);
  startDoors(root);
  startForms(root);
  startOutbox(root);
}

start(document);
startOnce();
startSubmits(start);
startLive(start);
startSending();
startKept();
startOffline();
startNear();
