using Tributary.Payments.Customers;
using Tributary.Payments.Refunds;
using Tributary.Payments.Reporting;
using Tributary.Server.Pages.Dashboard;
using Tributary.Server.Team;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Dashboard;

/// <summary>Customers: found by what is known of them, and one customer's whole story.</summary>
internal static class CustomerPages
{
    private const int PageSize = 50;
    private const int PaymentsMax = 100;
    private const int MethodsMax = 20;

    public static void Map(IEndpointRouteBuilder desk)
    {
        desk.MapGet("/customers", ListAsync).Require(Permission.View);
        desk.MapGet("/customers/{id}", ShowAsync).Require(Permission.View);
    }

    private static async Task<IResult> ListAsync(string? q, string? after, HttpContext context, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "customers");
        var text = q?.Trim() is { Length: > 0 and <= 200 } given ? given : null;
        var found = await database.ReadAsync(
            (transaction, token) => CustomerReports.SearchAsync(transaction, scope.StoreId, scope.IsLive, text, after, PageSize + 1, token), cancellationToken);
        return Html.Page<CustomersPage>(
            (nameof(CustomersPage.Scope), scope),
            (nameof(CustomersPage.Text), text),
            (nameof(CustomersPage.Customers), found.Take(PageSize).ToList()),
            (nameof(CustomersPage.HasMore), found.Count > PageSize));
    }

    private static async Task<IResult> ShowAsync(string id, HttpContext context, IDatabase database, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "customers");
        var story = await database.ReadAsync<CustomerStory?>(
            async (transaction, token) =>
            {
                if (await CustomerStore.FindAsync(transaction, scope.StoreId, scope.IsLive, id, token) is not { } customer)
                    return null;
                var payments = await PaymentReports.SearchAsync(transaction, new PaymentSearch(scope.StoreId, scope.IsLive, PaymentsMax) { CustomerId = id }, token);
                return new CustomerStory(
                    customer,
                    await CustomerReports.PaidAsync(transaction, scope.StoreId, scope.IsLive, id, token),
                    payments,
                    await MethodStore.ListAsync(transaction, scope.StoreId, scope.IsLive, id, null, null, null, MethodsMax, token),
                    await RefundPages.NamesAsync(TeamDirectory.Of(context), transaction, payments.SelectMany(static file => file.Refunds.Select(refund => new RefundView(file, refund))), token));
            },
            cancellationToken);
        return story is null ? TypedResults.NotFound() : Html.Page<CustomerPage>((nameof(CustomerPage.Scope), scope), (nameof(CustomerPage.Story), story));
    }
}
