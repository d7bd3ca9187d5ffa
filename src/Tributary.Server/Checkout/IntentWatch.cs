using System.Globalization;
using System.Runtime.CompilerServices;
using Tributary.Storage.Relational;

namespace Tributary.Server.Checkout;

/// <summary>
/// Tells pages that their intent has changed. One loop asks for the versions of all intents that somebody looks at: after each write of this
/// process, and every second for writes of others. What it costs does not grow with writes, only with pages.
/// </summary>
internal sealed class IntentWatch(IDatabase database, WriteSignal signal, TimeProvider clock) : BackgroundService
{
    private const int FollowersMax = 10_000;
    private const int IdsInQuery = 200;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(1);

    private readonly Lock _sync = new();
    private readonly Dictionary<string, Topic> _topics = new(StringComparer.Ordinal);
    private int _followers;

    /// <summary>The versions of an intent as they come; nothing where too many pages are open already: they ask by themselves then.</summary>
    /// <param name="intentId">The intent.</param>
    /// <param name="version">What the page shows.</param>
    /// <param name="current">What the database holds.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public async IAsyncEnumerable<long> FollowAsync(string intentId, long version, long current, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Enter(intentId, current) is not { } topic)
            yield break;
        try
        {
            while (true)
            {
                var (newest, changed) = topic.Read();
                if (newest != version)
                {
                    version = newest;
                    yield return version;
                    continue;
                }

                // A page that was closed, or a server that stops, ends the stream and is no error.
                await changed.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (cancellationToken.IsCancellationRequested)
                    yield break;
            }
        }
        finally
        {
            Leave(intentId, topic);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            using (var idle = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken))
            {
                var written = signal.WaitAsync(idle.Token);
                await Task.WhenAny(written, Task.Delay(s_idle, clock, idle.Token));
                await idle.CancelAsync();
                await written.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            stoppingToken.ThrowIfCancellationRequested();
            await LookAsync(stoppingToken);
            await Task.Delay(s_pause, clock, stoppingToken);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        string[] watched;
        lock (_sync)
            watched = [.. _topics.Keys];
        foreach (var ids in watched.Chunk(IdsInQuery))
        {
            var versions = await database.ReadAsync((transaction, token) => VersionsAsync(transaction, ids, token), cancellationToken);
            lock (_sync)
            {
                foreach (var (id, version) in versions)
                    _topics.GetValueOrDefault(id)?.Set(version);
            }
        }
    }

    private static ValueTask<List<(string Id, long Version)>> VersionsAsync(ISqlTransaction transaction, string[] ids, CancellationToken cancellationToken)
    {
        var arguments = new SqlArguments();
        var names = new List<string>(ids.Length);
        for (var i = 0; i < ids.Length; i++)
        {
            var name = "id" + i.ToString(CultureInfo.InvariantCulture);
            names.Add("@" + name);
            arguments.Add(name, ids[i]);
        }

        return transaction.QueryAsync(
            $"SELECT id, version FROM intents WHERE id IN ({string.Join(", ", names)})", arguments, static row => (row.Text(0), row.Integer(1)), cancellationToken);
    }

    private Topic? Enter(string intentId, long version)
    {
        lock (_sync)
        {
            if (_followers == FollowersMax)
                return null;
            _followers++;
            if (!_topics.TryGetValue(intentId, out var topic))
                _topics.Add(intentId, topic = new Topic(version));
            topic.Set(version);
            topic.Followers++;
            return topic;
        }
    }

    private void Leave(string intentId, Topic topic)
    {
        lock (_sync)
        {
            _followers--;
            if (--topic.Followers == 0)
                _topics.Remove(intentId);
        }
    }

    private sealed class Topic(long version)
    {
        private readonly Lock _sync = new();
        private long _version = version;
        private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Followers { get; set; }

        public (long Version, Task Changed) Read()
        {
            lock (_sync)
                return (_version, _changed.Task);
        }

        public void Set(long version)
        {
            TaskCompletionSource changed;
            lock (_sync)
            {
                if (version <= _version)
                    return;
                _version = version;
                changed = _changed;
                _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            changed.SetResult();
        }
    }
}
