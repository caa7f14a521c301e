using EcoLabelRegistry.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace EcoLabelRegistry.Registers;

/// <summary>The body of a register: the forms that it can have, as they are documented and read.</summary>
internal static class RegisterBody
{
    private const string Ndjson = "application/x-ndjson";
    private const string Csv = "text/csv";

    private const string NdjsonExample = """
        {"number":"17 133 003","holder":"理想科学工業株式会社 (RISO KAGAKU CORPORATION)","standard":"eco-mark-no-133","confirmedOn":"2019-10-25","products":[{"brand":"RISOGRAPH","model":"MF935","category":"it.digital-duplicator"}]}
        {"number":"17 133 004","validFrom":"2017-11-15","validUntil":"2027-11-14","events":[{"type":"suspended","effective":"2026-12-01","reason":"Audit overdue."}]}
        """;

    private const string CsvExample = """
        number,holder,standard,validFrom,brand,model,gtins,category
        17 133 003,RISO KAGAKU CORPORATION,eco-mark-no-133,2017-11-15,RISOGRAPH,MF935,4006381333931,it.digital-duplicator
        17 133 003,,,,RISOGRAPH,MF937,,it.digital-duplicator
        """;

    private const string Answer = """
        {
          "received": 3, "created": 1, "updated": 0, "unchanged": 1, "withdrawn": 0,
          "rejected": [
            { "line": 7, "code": "unknown-standard", "message": "No standard \"eco-mark-no-13\" is on record. Did you mean eco-mark-no-133?",
              "errors": { "standard": ["No standard \"eco-mark-no-13\" is on record. Did you mean eco-mark-no-133?"] } }
          ],
          "rejectedTotal": 1, "withheld": 0, "import": "019ac0f1-7d2e-7b3a-9c55-1f2e3d4c5b6a", "revision": 413
        }
        """;

    /// <summary>Says that an address takes a register, of any length.</summary>
    public static TBuilder TakesRegister<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint
        .WithMetadata(new BodyMetadata(null, [Ndjson, Csv]), new DisableRequestSizeLimitAttribute())
        .AlsoTakes(Ndjson, NdjsonExample)
        .AlsoTakes(Csv, CsvExample)
        .WithExample(Answer)
        .NeverCreates()
        .Refuses(
            ProblemCode.NotFound, ProblemCode.UnknownStandard, ProblemCode.UnknownEdition, ProblemCode.UnknownCategory, ProblemCode.ImportRunning, ProblemCode.NotPossible);

    /// <summary>The rows of a body whose media type was judged. A client that sends nothing for too long is refused with 408.</summary>
    public static RegisterRows Rows(HttpRequest request, RegistryOptions settings)
    {
        AwaitedBody.LiftLeastRate(request.HttpContext);
        var body = new AwaitedBody(request.Body, TimeSpan.FromSeconds(settings.Registers.StallSeconds));
        return MediaTypeHeaderValue.TryParse(request.ContentType, out var given) && given.MediaType.Equals(Csv, StringComparison.OrdinalIgnoreCase)
            ? new CsvRows(body)
            : new NdjsonRows(body);
    }
}
