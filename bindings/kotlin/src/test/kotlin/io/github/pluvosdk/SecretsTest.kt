package io.github.pluvosdk

import io.github.pluvosdk.model.File
import io.github.pluvosdk.model.PreparedUpload
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** Nothing that has a secret shows it. What is said over the wire is held by the scenarios. */
class SecretsTest {
    private fun hidden(text: String) = assertFalse("canary" in text) { text }

    @Test
    fun `no text of anything that has a secret shows it`() {
        hidden(AccessToken("canary-token").toString())
        hidden(Webhooks("canary-key").toString())
        hidden(Proxy.at("http://user:canary@proxy.example").toString())
        hidden(Settings(proxy = Proxy.at("http://user:canary@proxy.example")).toString())
        hidden(PreparedUpload(File(Id("1")), "https://canary.example", mapOf("policy" to "canary")).toString())
        hidden(GraphqlError(message = "canary@example.com is taken").toString())
        hidden(Content.of("canary".toByteArray()).toString())
        Pluvo.forServer("acme", "id", "canary-secret").use { hidden(it.toString()) }
        Pluvo.withToken("acme", AccessToken("canary-token")).use { hidden(it.toString()) }
        Pluvo(organization = "acme", token = { AccessToken("canary-token") }).use { hidden(it.toString()) }
    }

    @Test
    fun `a setting that is wrong is an error that names it and not its value`() {
        val error = assertThrows<PluvoException.Config> {
            Pluvo.withToken("acme", AccessToken("canary"), Settings(limits = Limits(inFlight = 0)))
        }
        hidden(error.stackTraceToString())
        assertEquals("config", error.code)
    }

    @Test
    fun `webhooks are verified on the bytes that arrived`() {
        val sent = """{"id":"u-1","event":"USER_CREATED","sentDate":"2024-09-01T10:15:00.000Z","name":"Zoë"}"""
        val body = sent.toByteArray()
        val headers = Webhooks.signForTest(body, "key")
        val delivery = Webhooks("other", "key").verify(body, headers)
        assertEquals("USER_CREATED" to "user", delivery.event to delivery.kind)
        assertThrows<PluvoException.Webhook> { Webhooks("other").verify(body, headers) }
        assertThrows<PluvoException.Webhook> { Webhooks("key").verify(body + ' '.code.toByte(), headers) }
    }
}
