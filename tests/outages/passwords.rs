//! The password of the database, which is nobody's business.

use crate::{
    program::{Program, READ, WRITE, ended},
    server::{Kind, PASSWORD, Server, free_port},
};

pub async fn no_password_is_in_the_log_or_in_an_error(kind: Kind) {
    let mut server = Server::start(kind).await;
    let url = server.url();
    let options = ["--log", "trace", "--acquire-seconds", "1"];
    let read_url = ["--database-read-url", &url];
    let program = Program::start(&url, &[&options[..], &read_url].concat()).await;
    program.client.ask_all([READ, WRITE, READ]).await;
    assert!(program.log().contains("SELECT"), "the log has the statements");

    let nowhere = server.url_at(free_port());
    let wrong = url.replace(PASSWORD, &format!("{PASSWORD}-and-more"));
    let no_database = url.replace("/graph", "/none");
    let no_port = url.replace(&server.port.to_string(), "port");
    let no_host = url.replace("127.0.0.1", "no.such.host.invalid");
    let parameter = url.replace(&format!(":{PASSWORD}@"), "@") + "?password=" + PASSWORD + "&port=none";
    for url in [nowhere, wrong, no_database, no_port, no_host, parameter] {
        for options in [&options[..], &[&options[..], &["migrate", "status"]].concat()] {
            let (is_ok, told) = ended(&url, options).await;
            assert!(!is_ok && told.contains("cannot open the database"), "{told}");
            assert!(!told.contains(PASSWORD), "{told}");
        }
        let (is_ok, told) =
            ended(&server.url(), &[&options[..], &["--database-read-url", &url]].concat()).await;
        assert!(!is_ok && !told.contains(PASSWORD), "{told}");
    }
    server.kill();
    let replies = program.client.ask_all([READ, WRITE]).await;
    assert!(replies.iter().all(|reply| !reply.is_ok() && !reply.body.to_string().contains(PASSWORD)));
    assert!(!program.log().contains(PASSWORD));
}
