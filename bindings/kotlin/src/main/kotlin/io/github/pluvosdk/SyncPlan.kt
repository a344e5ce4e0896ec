package io.github.pluvosdk

import io.github.pluvosdk.internal.ProgressListener
import io.github.pluvosdk.model.Applied
import io.github.pluvosdk.model.ApplyOptions
import io.github.pluvosdk.model.BulkTotals
import io.github.pluvosdk.model.SyncProblem
import io.github.pluvosdk.model.SyncStep
import io.github.pluvosdk.model.SyncSummary
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.encodeToJsonElement
import kotlinx.serialization.json.jsonObject
import io.github.pluvosdk.internal.SyncPlan as NativePlan

/** What a sync would do. Nothing is written before [apply]. */
public class SyncPlan private constructor(private val core: Core, private val plan: NativePlan, described: Described) {
    /** The plan in numbers. */
    public val summary: SyncSummary = described.summary

    /** What would be done, person by person. */
    public val steps: List<SyncStep> = described.steps

    /** Rows and people that are left alone, and why. */
    public val problems: List<SyncProblem> = described.problems

    /**
     * Carries the plan out, once.
     *
     * A plan that archives too many, or of whose rows too many are unusable, is refused with
     * [PluvoException.Invalid] before anything is written; it can be applied again with other [options]. What befalls
     * single steps stands in the result.
     *
     * @param options How far it may go.
     * @param progress Is told how far it is.
     */
    public suspend fun apply(
        options: ApplyOptions = ApplyOptions(),
        progress: ((BulkTotals) -> Unit)? = null,
    ): Applied = withContext(Dispatchers.Default) {
        val request = Core.request(json.encodeToJsonElement(options).jsonObject)
        val listener = progress?.let { Listener(core, it) }
        core.decode(NAME, Applied.serializer(), core.native { plan.apply(request, listener, core.life) })
    }

    /** Begins no further step. What is in flight is finished, and [apply] tells what was done. */
    public fun stop(): Unit = plan.stop()

    override fun toString(): String = "SyncPlan($summary)"

    private class Listener(private val core: Core, private val tell: (BulkTotals) -> Unit) : ProgressListener {
        override fun progress(totals: String): Unit = tell(core.decode(NAME, BulkTotals.serializer(), totals))
    }

    @Serializable
    private class Described(val summary: SyncSummary, val steps: List<SyncStep>, val problems: List<SyncProblem>)

    internal companion object {
        private const val NAME = "users.sync"

        suspend fun make(core: Core, request: String): SyncPlan = withContext(Dispatchers.Default) {
            val plan = core.native { core.session.plan(request, core.life) }
            SyncPlan(core, plan, core.decode(NAME, Described.serializer(), plan.describe()))
        }
    }
}
