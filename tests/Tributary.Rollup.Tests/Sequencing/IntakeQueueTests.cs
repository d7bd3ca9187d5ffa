using Tributary.Finance.Accounts;
using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.Sequencing;

namespace Tributary.Rollup.Tests.Sequencing;

public sealed class IntakeQueueTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Groups_are_checked_side_by_side_and_taken_in_the_order_in_which_they_came()
    {
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        var (checks, taken) = (0, new List<Submission>());
        var queue = new IntakeQueue(
            1_000,
            2,
            (_, _) =>
            {
                // The group that came first is checked until the second one has been.
                switch (Interlocked.Increment(ref checks))
                {
                    case 1:
                        first.SetResult();
                        Assert.True(second.Task.Wait(s_limit, Token));
                        break;
                    case 2:
                        second.SetResult();
                        break;
                }
            },
            group => Answer(group, taken));
        var submissions = Enumerable.Range(0, 200).Select(static i => Make(i)).ToArray();
        Assert.True(queue.TryAdd(submissions[0]));
        await first.Task.WaitAsync(s_limit, Token);
        foreach (var submission in submissions.Skip(1))
            Assert.True(queue.TryAdd(submission));
        _ = await Task.WhenAll(submissions.Select(static submission => submission.Answer)).WaitAsync(s_limit, Token);
        Assert.Equal(submissions, taken);
        await queue.CloseAsync().WaitAsync(s_limit, Token);
    }

    [Fact]
    public async Task Bound_refuses_what_is_too_much_and_closing_waits_for_what_is_in()
    {
        var (entered, free) = (new TaskCompletionSource(), new TaskCompletionSource());
        var taken = new List<Submission>();
        var queue = new IntakeQueue(
            3,
            1,
            (_, _) =>
            {
                entered.TrySetResult();
                Assert.True(free.Task.Wait(s_limit, Token));
            },
            group => Answer(group, taken));
        Assert.True(queue.TryAdd(Make(0)));
        await entered.Task.WaitAsync(s_limit, Token);
        for (var i = 1; i <= 3; i++)
            Assert.True(queue.TryAdd(Make(i)));
        Assert.False(queue.TryAdd(Make(4)));
        var closed = queue.CloseAsync();
        Assert.False(closed.IsCompleted);
        Assert.Throws<ObjectDisposedException>(() => queue.TryAdd(Make(5)));
        free.SetResult();
        await closed.WaitAsync(s_limit, Token);
        Assert.Equal(4, taken.Count);
    }

    [Fact]
    public async Task Check_that_fails_fails_its_group_alone()
    {
        var taken = new List<Submission>();
        var isFirst = true;
        var queue = new IntakeQueue(
            10,
            1,
            (_, _) =>
            {
                if (!isFirst)
                    return;
                isFirst = false;
                throw new InvalidOperationException("a bug");
            },
            group => Answer(group, taken));
        var (bad, good) = (Make(0), Make(1));
        Assert.True(queue.TryAdd(bad));
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => bad.Answer.WaitAsync(s_limit, Token));
        Assert.True(queue.TryAdd(good));
        _ = await good.Answer.WaitAsync(s_limit, Token);
        Assert.Equal([good], taken);
        await queue.CloseAsync().WaitAsync(s_limit, Token);
    }

    private static void Answer(IReadOnlyList<Submission> group, List<Submission> taken)
    {
        lock (taken)
            taken.AddRange(group);
        foreach (var submission in group)
        {
            submission.Refusal = new Refusal("test", "is answered");
            submission.Refuse();
        }
    }

    private static Submission Make(int number)
    {
        var root = new byte[Bytes32.Length];
        BitConverter.TryWriteBytes(root, number);
        return new Submission(new OperationRequest(new RegisterAccount(new Bytes32(root), new KeyParameters(KeyParameters.Xmss, 8)), null), []);
    }
}
