using Tributary.Payments;
using Tributary.Payments.Customers;
using Tributary.Payments.Errors;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Search;
using Tributary.Server.Stripe.Parameters;
using Tributary.Storage.Relational;

namespace Tributary.Server.Stripe;

/// <summary>What the routes of customers do.</summary>
internal sealed class CustomerHandlers(CustomerStore store, IDatabase database, ObjectIds ids, TimeProvider clock)
{
    private const int EmailMax = 512;

    public async Task<StripeAnswer> CreateAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var key = call.Request.Key;
        var change = ReadChange(call.Parameters);
        var fresh = new Customer { Id = ids.Next("cus"), StoreId = key.StoreId, IsLive = key.IsLive, CreatedAt = clock.GetUtcNow(), Version = 1 };
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var customer = change(fresh);
        if (PaymentChecks.Metadata(customer.Metadata) is { } wrong)
            return StripeErrors.Of(wrong);
        return await database.WriteAsync(
            async (transaction, token) =>
            {
                await store.InsertAsync(transaction, customer, token);
                return await AnswerAsync(transaction, customer, call, token);
            },
            cancellationToken);
    }

    public async Task<StripeAnswer> RetrieveAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        return await FindAsync(id, call, cancellationToken) is { } customer ? StripeCustomers.Answer(customer) : StripeErrors.Of(PaymentError.Missing("customer", id));
    }

    public async Task<StripeAnswer> ListAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var page = StripePage.Read(parameters);
        var email = parameters.Text("email", EmailMax);
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (page.Cursor is { } cursor && await FindAsync(cursor, call, cancellationToken) is null)
            return StripeErrors.Of(PaymentError.Missing("customer", cursor));
        var key = call.Request.Key;
        var found = await database.ReadAsync(
            (transaction, token) => CustomerStore.ListAsync(transaction, key.StoreId, key.IsLive, email, page.Created, page.After, page.Before, page.Limit + 1, token), cancellationToken);
        return page.Answer("/v1/customers", found, StripeCustomers.Write);
    }

    public Task<StripeAnswer> SearchAsync(StripeCall call, CancellationToken cancellationToken) => StripeSearch.RunAsync(
        call,
        SearchTable.Customers,
        "/v1/customers/search",
        database,
        static async (transaction, id, key, token) => (await CustomerStore.FindAsync(transaction, key.StoreId, key.IsLive, id, token))!,
        StripeCustomers.Write,
        cancellationToken);

    public Task<StripeAnswer> UpdateAsync(string id, StripeCall call, CancellationToken cancellationToken) => ChangeAsync(id, call, ReadChange(call.Parameters), cancellationToken);

    /// <summary>Deletes a customer: what was known of them is gone, what they paid stays.</summary>
    public Task<StripeAnswer> DeleteAsync(string id, StripeCall call, CancellationToken cancellationToken) => ChangeAsync(
        id,
        call,
        customer => new Customer { Id = customer.Id, StoreId = customer.StoreId, IsLive = customer.IsLive, CreatedAt = customer.CreatedAt, DeletedAt = clock.GetUtcNow(), Version = customer.Version },
        cancellationToken);

    private async Task<StripeAnswer> ChangeAsync(string id, StripeCall call, Func<Customer, Customer> change, CancellationToken cancellationToken)
    {
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        return await database.WriteAsync(
            async (transaction, token) =>
            {
                if (await CustomerStore.FindAsync(transaction, key.StoreId, key.IsLive, id, token) is not { DeletedAt: null } before)
                    return StripeErrors.Of(PaymentError.Missing("customer", id));
                var customer = change(before) with { Version = before.Version + 1 };
                if (PaymentChecks.Metadata(customer.Metadata) is { } wrong)
                    return StripeErrors.Of(wrong);
                await store.UpdateAsync(transaction, customer, token);
                return await AnswerAsync(transaction, customer, call, token);
            },
            cancellationToken);
    }

    private static async ValueTask<StripeAnswer> AnswerAsync(ISqlTransaction transaction, Customer customer, StripeCall call, CancellationToken cancellationToken)
    {
        var answer = StripeCustomers.Answer(customer);
        await call.AnswerAsync(transaction, customer.Id, answer, cancellationToken);
        return answer;
    }

    // What is not sent stays; what is sent empty is taken away.
    private static Func<Customer, Customer> ReadChange(ParameterReader parameters)
    {
        var changes = new List<Func<Customer, Customer>>();
        Take("email", EmailMax, static (customer, text) => customer with { Email = text });
        Take("name", 256, static (customer, text) => customer with { Name = text });
        Take("phone", 20, static (customer, text) => customer with { Phone = text });
        Take("description", 350, static (customer, text) => customer with { Description = text });
        if (parameters.Has("address"))
        {
            var address = ShippingParameters.ReadAddress(parameters.Inner("address"), "");
            changes.Add(customer => customer with { Address = address });
        }

        if (parameters.Has("shipping"))
        {
            var shipping = ShippingParameters.Read(parameters);
            changes.Add(customer => customer with { Shipping = shipping });
        }

        var merge = parameters.Merge("metadata");
        changes.Add(customer => customer with { Metadata = merge(customer.Metadata) });
        parameters.Ignore("preferred_locales", "tax_exempt", "invoice_settings");
        return customer => changes.Aggregate(customer, static (sum, change) => change(sum));

        void Take(string name, int lengthMax, Func<Customer, string?, Customer> set)
        {
            if (!parameters.Has(name))
                return;
            var text = parameters.Text(name, lengthMax);
            changes.Add(customer => set(customer, text));
        }
    }

    private async Task<Customer?> FindAsync(string id, StripeCall call, CancellationToken cancellationToken) => await database.ReadAsync(
        (transaction, token) => CustomerStore.FindAsync(transaction, call.Request.Key.StoreId, call.Request.Key.IsLive, id, token), cancellationToken);
}
