import java.io.FileInputStream;
import java.security.KeyStore;
import java.security.Security;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** JavaServer KEYSTORE: every suite and version of JSSE, nothing disabled, on 127.0.0.1. */
public final class JavaServer {
  public static void main(String[] arguments) throws Exception {
    Security.setProperty("jdk.tls.disabledAlgorithms", "");
    Security.setProperty("jdk.tls.legacyAlgorithms", "");
    Security.setProperty("jdk.certpath.disabledAlgorithms", "");
    char[] password = "password".toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (FileInputStream in = new FileInputStream(arguments[0])) {
      store.load(in, password);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
    keys.init(store, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    SSLServerSocket server = (SSLServerSocket) context.getServerSocketFactory()
        .createServerSocket(0, 128, java.net.InetAddress.getByName("127.0.0.1"));
    server.setEnabledCipherSuites(server.getSupportedCipherSuites());
    server.setEnabledProtocols(server.getSupportedProtocols());
    for (String suite : server.getEnabledCipherSuites()) System.out.println("name " + suite);
    System.out.println("port " + server.getLocalPort());
    System.out.flush();
    var pool = Executors.newCachedThreadPool(task -> {
      Thread thread = new Thread(task);
      thread.setDaemon(true);
      return thread;
    });
    for (;;) {
      SSLSocket socket = (SSLSocket) server.accept();
      pool.execute(() -> {
        try (socket) {
          socket.setSoTimeout(10000);
          socket.startHandshake();
          socket.getInputStream().read();
        } catch (Exception expected) {
          // a scanner does not finish its handshakes
        }
      });
    }
  }
}
