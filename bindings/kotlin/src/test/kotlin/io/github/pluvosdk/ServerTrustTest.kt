package io.github.pluvosdk

import io.github.pluvosdk.testing.Sandbox
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestInstance
import org.junit.jupiter.api.assertThrows
import java.security.KeyStore
import java.security.cert.CertificateException
import java.security.cert.CertificateFactory
import java.security.cert.X509Certificate
import javax.net.ssl.TrustManagerFactory
import javax.net.ssl.X509TrustManager

/** Who is trusted, against a server whose authority nobody knows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServerTrustTest {
    private val sandbox = Sandbox.start(users = 3, options = listOf("--tls"))
    private val authority = checkNotNull(sandbox.certificateAuthority)

    @AfterAll
    fun end() = sandbox.close()

    private fun count(trust: ServerTrust): Long = runBlocking {
        sandbox.client(Settings(trust = trust, retry = Retry(maxAttempts = 1))).use { it.users.list().count() }
    }

    /** A trust manager as a JVM makes it, over a store that holds the sandbox's authority alone. */
    private fun manager(): X509TrustManager {
        val certificate = CertificateFactory.getInstance("X.509").generateCertificate(authority.byteInputStream())
        val store = KeyStore.getInstance(KeyStore.getDefaultType())
        store.load(null)
        store.setCertificateEntry("sandbox", certificate)
        val factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm())
        factory.init(store)
        return factory.trustManagers.filterIsInstance<X509TrustManager>().single()
    }

    @Test
    fun `a trust manager says who is trusted`() {
        assertEquals(3, count(ServerTrust.of(manager())))
    }

    @Test
    fun `the platform does not trust an authority that it does not know`() {
        val error = assertThrows<PluvoException.Network> { count(ServerTrust.platform()) }
        assertTrue("the server's certificate is not trusted: " in error.message.orEmpty()) { error.message }
        assertEquals("connect", error.code)
    }

    @Test
    fun `code of one's own sees the chain and the host, and its words are told`() {
        val seen = mutableListOf<Pair<X509Certificate, String>>()
        assertEquals(3, count { chain, host -> seen += chain.first() to host })
        val (certificate, host) = seen.first()
        assertEquals("localhost", host)
        certificate.checkValidity()

        val error = assertThrows<PluvoException.Network> {
            count { _, _ -> throw CertificateException("it is not pinned") }
        }
        assertTrue("not trusted: it is not pinned" in error.message.orEmpty()) { error.message }
    }

    @Test
    fun `on Android the host is told`() {
        Extensions.hosts.clear()
        assertEquals(3, count(ManagerTrust(manager(), Extensions::class.java)))
        assertEquals("localhost", Extensions.hosts.first())

        val nobody = ManagerTrust(ServerTrust.platformManager(), Extensions::class.java)
        assertThrows<PluvoException.Network> { count(nobody) }
    }

    @Test
    fun `authorities and a trust of one's own do not go together`() {
        val settings = Settings(trust = ServerTrust.platform(), certificateAuthority = authority)
        val error = assertThrows<PluvoException.Config> { sandbox.client(settings) }
        assertTrue("give one of both" in error.message.orEmpty()) { error.message }
    }
}

/** What stands in for `android.net.http.X509TrustManagerExtensions`, with the shape that Android's reference documents. */
class Extensions(private val manager: X509TrustManager) {
    fun checkServerTrusted(chain: Array<X509Certificate>, authType: String, host: String): List<X509Certificate> {
        hosts += host
        manager.checkServerTrusted(chain, authType)
        return chain.toList()
    }

    companion object {
        val hosts: MutableList<String> = mutableListOf()
    }
}
