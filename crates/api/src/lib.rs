//! HTTP: one endpoint a file, the desk's WebSocket, the web build
