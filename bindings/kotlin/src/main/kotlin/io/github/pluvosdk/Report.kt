package io.github.pluvosdk

import io.github.pluvosdk.internal.Bulk
import io.github.pluvosdk.model.BulkTotals
import io.github.pluvosdk.model.RowOutcome
import io.github.pluvosdk.model.RowState
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.serialization.KSerializer
import kotlinx.serialization.builtins.ListSerializer
import kotlinx.serialization.serializer

/**
 * What became of many rows. Every row that was taken has an outcome, whatever befell it.
 *
 * @property totals In numbers.
 * @property outcomes Row by row, in the order in which they came.
 */
public class Report internal constructor(public val totals: BulkTotals, public val outcomes: List<RowOutcome>) {
    /** How many rows were created. */
    public val created: Int get() = totals.created

    /** How many rows were updated. */
    public val updated: Int get() = totals.updated

    /** The rows that were not written, each with its error. */
    public val failed: List<RowOutcome> get() = outcomes.filter { it.outcome == RowState.FAILED }

    /** The rows of which nobody knows whether they were written. */
    public val indeterminate: List<RowOutcome> get() = outcomes.filter { it.outcome == RowState.INDETERMINATE }

    override fun toString(): String = "Report($totals)"
}

/** Pushes rows and takes outcomes at the same time. Where the caller is cancelled, what is in flight is given up. */
internal suspend fun <R> writeMany(
    core: Core,
    name: String,
    request: String,
    rows: Flow<R>,
    row: KSerializer<R>,
    progress: ((BulkTotals) -> Unit)?,
): Report = withContext(Dispatchers.Default) {
    core.native { core.session.bulk(name, request) }.use { bulk ->
        val outcomes = mutableListOf<RowOutcome>()
        coroutineScope {
            launch { push(core, bulk, rows, ListSerializer(row)) }
            val told = Told(progress)
            while (true) {
                val some = core.native { bulk.next(core.life) } ?: break
                outcomes += core.decode(name, serializer<List<RowOutcome>>(), some)
                told.tell { core.decode(name, BulkTotals.serializer(), bulk.progress()) }
            }
        }
        val totals = core.decode(name, BulkTotals.serializer(), core.native { bulk.progress() })
        progress?.invoke(totals)
        Report(totals, outcomes)
    }
}

/** Rows go over the border in handfuls. A flow that fails fails the whole, and ends what is in flight. */
private suspend fun <R> push(core: Core, bulk: Bulk, rows: Flow<R>, list: KSerializer<List<R>>) {
    var waiting = mutableListOf<R>()

    suspend fun send() {
        val some = json.encodeToString(list, waiting)
        waiting = mutableListOf()
        core.native { bulk.push(some, core.life) }
    }
    rows.collect { row ->
        waiting += row
        if (waiting.size == HANDFUL) send()
    }
    if (waiting.isNotEmpty()) send()
    core.native { bulk.finish() }
}

/** Tells progress at most ten times a second. */
private class Told(private val progress: ((BulkTotals) -> Unit)?) {
    private var last = System.nanoTime() - PAUSE

    inline fun tell(totals: () -> BulkTotals) {
        val now = System.nanoTime()
        if (progress != null && now - last >= PAUSE) {
            last = now
            progress.invoke(totals())
        }
    }
}

private const val HANDFUL = 50
private const val PAUSE = 100_000_000L
