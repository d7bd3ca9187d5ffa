using System.Globalization;
using System.Text;
using Tributary.Payments.Access;
using Tributary.Payments.Checkout;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;
using Tributary.Payments.Outbox;
using Tributary.Payments.Refunds;
using Tributary.Payments.Storage;
using Tributary.Server.Localisation;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Mail;

/// <summary>
/// Mails that shoppers get, from the events of payments: a receipt when one is paid, and the link to a refund that waits for them to say where it
/// goes. The cursor moves with the mails, so none is written twice or forgotten.
/// </summary>
internal sealed class MailEvents(MailQueue queue, CheckoutService checkout, RefundService refunds, PublicAddress address, IDatabase database)
{
    private const string Cursor = "shoppers";

    /// <summary>Takes in events that came since the last call; returns how many.</summary>
    public async Task<int> FollowAsync(int limit, CancellationToken cancellationToken)
    {
        var after = await database.ReadAsync(static (transaction, token) => ReadAsync(transaction, token), cancellationToken);
        if (after is null)
        {
            // Mail was switched on: what happened before is told nobody.
            await database.WriteAsync(
                static (transaction, token) => transaction.ExecuteAsync(
                    "INSERT INTO mail_cursors (name, position) SELECT @name, COALESCE(MAX(position), 0) FROM outbox WHERE position IS NOT NULL ON CONFLICT (name) DO NOTHING",
                    new SqlArguments { { "name", Cursor } },
                    token),
                cancellationToken);
            return 1;
        }

        var events = await OutboxLog.ReadAsync(database, after.Value, limit, cancellationToken);
        if (events.Count == 0)
            return 0;
        var drafts = new List<MailDraft>();
        foreach (var told in events)
        {
            if (await DraftAsync(told, cancellationToken) is { } draft)
                drafts.Add(draft);
        }

        await database.WriteAsync(
            async (transaction, token) =>
            {
                foreach (var draft in drafts)
                    await queue.AddAsync(transaction, draft, token);
                return await transaction.ExecuteAsync(
                    "UPDATE mail_cursors SET position = @position WHERE name = @name", new SqlArguments { { "position", events[^1].Position }, { "name", Cursor } }, token);
            },
            cancellationToken);
        return events.Count;
    }

    private async Task<MailDraft?> DraftAsync(OutboxEvent told, CancellationToken cancellationToken)
    {
        switch (told.Kind)
        {
            case "payment_intent.succeeded":
                return await OpenAsync(told.ObjectId, cancellationToken) is { } paid ? Receipt(paid) : null;
            case "refund.created" or "refund.updated":
                var view = await refunds.FindAsync(told.StoreId, told.IsLive, told.ObjectId, cancellationToken);
                return view?.Refund is { Status: RefundStatus.RequiresAction, ClaimToken: not null } refund && await OpenAsync(view.File.Intent.Id, cancellationToken) is { } about
                    ? Claim(about, refund)
                    : null;
            default:
                return null;
        }
    }

    private async Task<Order?> OpenAsync(string intentId, CancellationToken cancellationToken)
    {
        var file = await database.ReadAsync((transaction, token) => PaymentStore.FindAsync(transaction, intentId, token), cancellationToken);
        if (file is null)
            return null;
        var session = (await checkout.FindByIntentAsync(intentId, cancellationToken))?.Session;
        if ((file.Intent.ReceiptEmail ?? session?.CustomerEmail) is not { Length: > 0 } email)
            return null;
        var store = await database.ReadAsync((transaction, token) => StoreNames.FindAsync(transaction, file.Intent.StoreId, token), cancellationToken);
        return new Order(file, session, email, store ?? "Shop");
    }

    private MailDraft? Receipt(Order order)
    {
        var intent = order.File.Intent;
        if (intent.Status != IntentStatus.Succeeded)
            return null;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Thank you. {order.StoreName} has your payment of {Plain(intent.AmountReceived)}.\n\n");
        if (order.Session is { } session)
        {
            foreach (var line in session.Lines)
                text.Append(CultureInfo.InvariantCulture, $"  {(line.Quantity > 1 ? line.Quantity.ToString(CultureInfo.InvariantCulture) + " × " : "")}{line.Name}: {Plain(new CurrencyAmount(line.Amount, session.Currency))}\n");
            text.Append('\n');
        }
        else if (intent.Description is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {intent.Description}\n\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"Receipt: {LinkOf(order, "receipt")}\nNumber: {intent.Id}\n");
        Sign(text, order);
        return new MailDraft("receipt:" + intent.Id, intent.StoreId, order.Email, Tag(order) + $"Your receipt from {order.StoreName}", text.ToString());
    }

    private MailDraft Claim(Order order, Refund refund)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{order.StoreName} pays {Plain(refund.Amount)} back to you. Say where it should go:\n\n{address.Origin}/r/{refund.ClaimToken}\n");
        if (refund.ExpiresAt is { } until)
            text.Append(CultureInfo.InvariantCulture, $"\nThe link works until {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC. Whoever has it says where the money goes, so keep it to yourself.\n");
        Sign(text, order);
        return new MailDraft("claim:" + refund.Id, order.File.Intent.StoreId, order.Email, Tag(order) + $"Your refund from {order.StoreName}", text.ToString());
    }

    private string LinkOf(Order order, string part) => order.Session is { } session
        ? $"{address.Origin}{session.Path}/{part}"
        : $"{address.Origin}/pay/{order.File.Intent.Id}/{part}?client_secret={Uri.EscapeDataString(order.File.Intent.ClientSecret)}";

    private static void Sign(StringBuilder text, Order order) => text.Append(CultureInfo.InvariantCulture, $"\nQuestions? Write to {order.StoreName}.{(order.File.Intent.IsLive ? "" : " This was a test: no money moved.")}\n");

    private static string Tag(Order order) => order.File.Intent.IsLive ? "" : "[Test] ";

    // Mail is read in many fonts: a plain space holds where a narrow one may not be drawn.
    private static string Plain(CurrencyAmount amount) => MoneyText.Of(amount, Texts.English).Replace('\u00a0', ' ');

    private static async ValueTask<long?> ReadAsync(ISqlTransaction transaction, CancellationToken cancellationToken) =>
        (await transaction.QueryAsync("SELECT position FROM mail_cursors WHERE name = @name", new SqlArguments { { "name", Cursor } }, static row => row.Integer(0), cancellationToken)) is [var position]
            ? position
            : null;

    private sealed record Order(PaymentFile File, CheckoutSession? Session, string Email, string StoreName);
}
