export default function Home() {
  return (
    <main className="p-10">
      <h1 className="text-3xl">x</h1>
    </main>
  );
}
