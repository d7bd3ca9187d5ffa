using Tributary.Payments;
using Tributary.Storage.Relational;

namespace Tributary.Server.Mail;

/// <summary>Writes mails that events ask for, and sends what is due. Without a mail server it does nothing.</summary>
internal sealed class MailWorker(ServerOptions options, MailQueue queue, MailEvents events, WorkSignal signal, IDatabase database, TimeProvider clock) : BackgroundService
{
    private const int Batch = 50;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Smtp is not { } settings)
            return;
        var sender = new SmtpSender(settings, clock);
        while (true)
        {
            var next = signal.Next;
            var read = await events.FollowAsync(Batch, stoppingToken);
            var due = await database.ReadAsync((transaction, token) => queue.FindDueAsync(transaction, Batch, token), stoppingToken);
            if (due.Count > 0)
            {
                await sender.SendAsync(
                    due, async (mail, outcome) => await database.WriteAsync((transaction, token) => queue.NoteAsync(transaction, mail, outcome, token), stoppingToken), stoppingToken);
            }

            if (read + due.Count == 0)
                await WorkSignal.WaitAsync(next, s_pause, clock, stoppingToken);
        }
    }
}
