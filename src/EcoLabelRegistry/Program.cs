using EcoLabelRegistry;
using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Categories;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Checks;
using EcoLabelRegistry.CommandLine;
using EcoLabelRegistry.Database;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Keys;
using EcoLabelRegistry.LabelBodies;
using EcoLabelRegistry.Matches;
using EcoLabelRegistry.Network;
using EcoLabelRegistry.Objections;
using EcoLabelRegistry.Pages;
using EcoLabelRegistry.Policies;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Recognitions;
using EcoLabelRegistry.Redactions;
using EcoLabelRegistry.Registers;
using EcoLabelRegistry.Schemes;
using EcoLabelRegistry.Standards;
using EcoLabelRegistry.Subscriptions;

try
{
    var called = Arguments.Read(args);
    var builder = WebApplication.CreateBuilder(called.Settings);
    if (called.Command is not null)
    {
        return await Command.RunAsync(called, builder.Configuration, Console.Out, Language.OfEnvironment);
    }

    builder.AddDefaults();
    builder.AddHttp();
    builder.AddRegistry();
    builder.AddPages();

    var app = builder.Build();
    var settings = app.Services.GetRequiredService<RegistryOptions>(); // refuses a setting that does not exist before anything is touched
    app.UseHttp(who => who.UseMiddleware<Authentication>().UseMiddleware<KnowSession>().UseMiddleware<RateLimits>());
    app.UseMiddleware<IdempotentWrites>();

    CheckLiveness.Map(app);
    CheckReadiness.Map(app);
    ProblemPages.Map(app);
    app.MapPages();

    var v1 = app.MapV1();
    CheckProduct.Map(v1);
    CheckMany.Map(v1);
    ListCertificates.Map(v1);
    GetCertificate.Map(v1);
    ListProducts.Map(v1);
    GetProduct.Map(v1);
    FindMatches.Map(v1);
    ListChanges.Map(v1);
    VerifyChanges.Map(v1);
    GetChange.Map(v1);
    ListChangeItems.Map(v1);
    GetHistory.Map(v1);
    ListSchemes.Map(v1);
    GetScheme.Map(v1);
    ListLabelBodies.Map(v1);
    GetLabelBody.Map(v1);
    ListCategories.Map(v1);
    GetCategory.Map(v1);
    ListStandards.Map(v1);
    CompareStandards.Map(v1);
    GetStandard.Map(v1);
    ListAgreements.Map(v1);
    GetAgreement.Map(v1);
    ListPolicies.Map(v1);
    GetPolicy.Map(v1);
    ListObjections.Map(v1);
    GetObjection.Map(v1);
    ListRecognitions.Map(v1);
    ShowNetwork.Map(v1);

    PutCategory.Map(v1);
    PutLabelBody.Map(v1);
    PutScheme.Map(v1);
    PutStandard.Map(v1);
    PutPolicy.Map(v1);
    RegisterCertificate.Map(v1);
    RecordCertificateEvent.Map(v1);
    RegisterAgreement.Map(v1);
    SignAgreement.Map(v1);
    RecordAgreementEvent.Map(v1);
    AmendAgreement.Map(v1);
    AccedeToAgreement.Map(v1);
    FileObjection.Map(v1);
    AnswerObjection.Map(v1);
    RedactRecord.Map(v1);
    ReplaceRegister.Map(v1);
    AmendRegister.Map(v1);
    ListImports.Map(v1);
    GetImport.Map(v1);
    IssueKey.Map(v1);
    ListKeys.Map(v1);
    RevokeKey.Map(v1);
    Subscribe.Map(v1);
    ListSubscriptions.Map(v1);
    GetSubscription.Map(v1);
    Unsubscribe.Map(v1);
    ListDeliveries.Map(v1);
    Redeliver.Map(v1);

    await app.RunAsync();
    return 0;
}
catch (OperationCanceledException)
{
    return 0; // asked to stop before it had started; what was begun is undone
}
catch (Exception failure) when (failure is not HostAbortedException)
{
    await Console.Error.WriteLineAsync(Start.Explain(failure, Language.OfEnvironment));
    return Start.ExitCode(failure);
}

/// <summary>The composition root; public so that tests can start the whole service.</summary>
public partial class Program;
