//! The page about the API.

use axum::http::StatusCode;

use crate::world::World;

#[tokio::test]
async fn the_page_is_read_in_both_languages_without_scripts() {
    let world = World::start().await;
    for (path, accept, language, words) in [
        ("/api/docs", "ru", "ru", "Прежний API"),
        ("/api/docs", "en-GB,en;q=0.9", "en", "The old API"),
        ("/api/docs?lang=en", "ru", "en", "The old API"),
        ("/api/docs?lang=ru", "en", "ru", "Прежний API"),
    ] {
        let page = world.get(path).header("accept-language", accept);
        let page = page.send().await.expect(StatusCode::OK);
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(page.header("content-language"), language);
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
        assert_eq!(page.header("x-frame-options"), "DENY");
        let text = String::from_utf8(page.body).expect("text");
        let text = text.replace("&#x2f;", "/");
        assert!(text.contains(words), "{words}");
        assert!(text.contains(&format!("<html lang=\"{language}\">")));
        for told in [
            "/api/calls/{id}/recording",
            "/v1/calls/{id}/record.mp3",
            "message.accepted",
            "url=https://calls.example.ru\n",
            "$url/v1/calls/search?from_time=",
            "Idempotency-Key",
            "type-CallRow",
        ] {
            assert!(text.contains(told), "{told}");
        }
        for settings in ["/api/lines", "/api/platform", "/api/session", "<script"] {
            assert!(!text.contains(settings), "{settings}");
        }
    }
    let refused = world.get("/api/docs?lang=de").send().await;
    refused.expect(StatusCode::UNPROCESSABLE_ENTITY);
    let style = world.get("/api/docs/style.css").send().await;
    let style = style.expect(StatusCode::OK);
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
}
