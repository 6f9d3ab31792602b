//! RTP, G.711, prompts, bridge, recording, and the browser's WebRTC leg
