using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Categories;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.LabelBodies;
using EcoLabelRegistry.Policies;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Schemes;
using EcoLabelRegistry.Snapshot;
using EcoLabelRegistry.Standards;
using MediatR;

namespace EcoLabelRegistry.Pages;

/// <summary>A record as people call it, found by its address in the contract.</summary>
/// <param name="Address">The address.</param>
/// <param name="Kind">What it is; null for an address that names nothing.</param>
/// <param name="Name">What it is called; its address where it is not on record.</param>
public sealed record NamedRecord(string Address, Thing? Kind, string Name)
{
    /// <summary>Its page; null when people have none.</summary>
    public string? Place => Kind is null ? null : Places.OfProgram(Address);

    /// <summary>Finds it. That there is none is no fault.</summary>
    public static async Task<NamedRecord> FindAsync(IMediator mediator, string address, CancellationToken cancel)
    {
        try
        {
            if (address.Split('/') is ["", "v1", var room, { Length: > 0 } code] && await NameAsync(room, code) is ({ } kind, var name))
            {
                return new(address, kind, string.IsNullOrWhiteSpace(name) ? code : name);
            }

            return new(address, null, address);
        }
        catch (RefusalException refusal) when (refusal.ProblemCode is ProblemCode.NotFound or ProblemCode.Invalid)
        {
            return new(address, null, address);
        }

        async Task<(Thing? Kind, string? Name)> NameAsync(string room, string code)
        {
            switch (room)
            {
                case "schemes":
                    return (Thing.Scheme, Language.Current.Of((await AskAsync(new GetScheme.Request(code))).Names));
                case "label-bodies":
                    return (Thing.LabelBody, Language.Current.Of((await AskAsync(new GetLabelBody.Request(code))).Names));
                case "categories":
                    return (Thing.Category, Language.Current.Of((await AskAsync(new GetCategory.Request(code))).Names));
                case "agreements":
                    return (Thing.Agreement, Language.Current.Of((await AskAsync(new GetAgreement.Request(code))).Title));
                case "policies":
                    return (Thing.Policy, Language.Current.Of((await AskAsync(new GetPolicy.Request(code))).Names));
                case "standards":
                    var standard = await AskAsync(new GetStandard.Request(code));
                    return (Thing.Standard, $"{standard.Number} {Language.Current.Of(standard.Titles)}".Trim());
                case "certificates":
                    var certificate = await AskAsync(new GetCertificate.Request(code));
                    var scheme = Language.Current.Of((await AskAsync(new GetScheme.Request(certificate.Scheme))).Names) ?? certificate.Scheme;
                    return (Thing.Certificate, certificate.Number is { } number ? $"{scheme} {number}" : scheme);
                case "products":
                    var product = await AskAsync(new GetProduct.Request(code));
                    return (Thing.Product, $"{product.Brand} {product.Model}");
                default:
                    return (null, null);
            }
        }

        async Task<T> AskAsync<T>(IRequest<Read<T>> request) => (await mediator.Send(request, cancel)).Value;
    }
}
